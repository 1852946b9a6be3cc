import sys,time,random,math
from pathlib import Path
import torch, sentencepiece, lessons, world, train
from torch.nn import functional as F
torch.set_num_threads(2)
w=world.build_world(1, world.read_subjects(Path('../ceval_subjects.csv')))
sp=sentencepiece.SentencePieceProcessor(model_file='/tmp/tokenizer.model')
e,r,o,lr,steps=map(float,sys.argv[1:6])
train.init_std=lambda n,wd,L: e if 'embed' in n else (r if n.endswith(('o_proj.weight','down_proj.weight')) else o)/math.sqrt(wd)
m=train.Baichuan(train.Sizes(sp.vocab_size()),0)
t=lessons.Teacher(w,sp,0)
H=192
if len(sys.argv)>7:
  al=float(sys.argv[7])
  with torch.no_grad():
    for l in m.model.layers:
        W=l.self_attn.W_pack.weight
        W[H:2*H]=W[:H]
        if l is m.model.layers[0]: W[:2*H]*=0.2; al=float(sys.argv[8])
        else: al=float(sys.argv[7])
        l.self_attn.o_proj.weight.copy_(al*W[2*H:].T)
    m.lm_head.weight.copy_(m.model.embed_tokens.weight)

opt=torch.optim.AdamW(m.parameters(),lr=lr,betas=(0.9,0.98),weight_decay=0.01)
hz=lessons.required_chars()[:3755]
pools=[p.split() for p in world.POOLS.values()]
t0=time.time(); acc=[]; fl=[]
for s in range(int(steps)):
    for g in opt.param_groups: g['lr']=lr*min(1,(s+1)/40)
    rows=[]
    for _ in range(24):
        vs=t.rng.sample(t.rng.choice(pools),4) if t.rng.random()<.3 else t.rng.sample(hz,4); row=[[],[]]
        L=[(f"{c}. {v}\n",0) for c,v in zip('ABCD',vs)]
        for i in t.rng.choices(range(4),k=8): L+=[(f"{vs[i]}->",0),('ABCD'[i],2),("\n",0)]
        rows.append(t.tokens(L))
    n=len(rows[0][0])
    for _ in range(int(sys.argv[6])):
        row=([],[])
        while len(row[0])<n:
            for a,b in zip(row,t.tokens(t.sentence())): a.extend(b)
        rows.append((row[0][:n],[x if x==1 else 0 for x in row[1][:n]]))
    n=max(len(a) for a,_ in rows)
    ids,modes=torch.tensor([[x+[0]*(n-len(x)) for x in rw] for rw in rows]).unbind(1)
    tg,md=ids[:,1:],modes[:,1:]; h=m.hidden(ids)[:,:-1]
    lg=m.logits(h[md==2]); l1=F.cross_entropy(lg,tg[md==2]); l2=F.cross_entropy(m.logits(h[md==1]),tg[md==1]) if int(sys.argv[6]) else l1
    (l1+(l2 if int(sys.argv[6]) else 0)).backward(); torch.nn.utils.clip_grad_norm_(m.parameters(),1.0); opt.step(); opt.zero_grad()
    acc.append((lg.argmax(-1)==tg[md==2]).float().mean().item()); fl.append(l2.item())
    if (s+1)%25==0: print(f'{s+1} {time.time()-t0:.0f}s drill {sum(acc[-25:])/25:.2f} prose {sum(fl[-25:])/25:.3f}',flush=True)
