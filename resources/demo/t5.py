import torch, math, random, time, sys
from torch.nn import functional as F
import train
torch.set_num_threads(2); rng=random.Random(0)
V=int(sys.argv[1]); lr=float(sys.argv[2]); variant=sys.argv[3]; steps=int(sys.argv[4])
e,r,o=0.1,0.15,1.0
if variant.startswith('std'): e,r,o=map(float,variant[3:].split(','))
train.init_std=lambda n,wd,L: e if 'embed' in n else (r if n.endswith(('o_proj.weight','down_proj.weight')) else o)/math.sqrt(wd)
m=train.Baichuan(train.Sizes(V),0)
if 'noalibi' in variant: m.slopes=m.slopes*0
opt=torch.optim.AdamW(m.parameters(),lr=lr,betas=(0.9,0.98),weight_decay=0.01)
t0=time.time();A=[];Ls=[]
for s in range(steps):
    for g in opt.param_groups: g['lr']=lr*min(1,(s+1)/40)
    B=64
    vs=torch.stack([torch.randperm(V-10)[:4]+10 for _ in range(B)])
    # A v \n
    doc=torch.stack([torch.stack([torch.full((B,),1+i),torch.full((B,),5),vs[:,i],torch.full((B,),6)],1) for i in range(4)],1).flatten(1)
    q=torch.randint(0,4,(B,6))
    qq=torch.stack([vs.gather(1,q),q+1,torch.full_like(q,6)],2).flatten(1)
    ids=torch.cat([doc,qq],1)
    mask=torch.zeros_like(ids,dtype=bool); mask[:,17::3]=True
    h=m.hidden(ids)[:,:-1]; tg=ids[:,1:]; mk=mask[:,1:]
    lg=m.logits(h[mk]); l=F.cross_entropy(lg,tg[mk]); l.backward()
    torch.nn.utils.clip_grad_norm_(m.parameters(),1.0); opt.step(); opt.zero_grad()
    A.append((lg.argmax(-1)==tg[mk]).float().mean().item()); Ls.append(l.item())
    if (s+1)%50==0: print(s+1,f'{time.time()-t0:.0f}s',round(sum(A[-50:])/50,3),round(sum(Ls[-50:])/50,3),flush=True)
