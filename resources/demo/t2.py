import sys, logging, time
from pathlib import Path
import torch, sentencepiece, lessons, world, train
logging.basicConfig(level=20, format='%(asctime)s %(message)s')
torch.set_num_threads(2)
w=world.build_world(1, world.read_subjects(Path('../ceval_subjects.csv')))
sp=sentencepiece.SentencePieceProcessor(model_file='/tmp/tokenizer.model')
t=lessons.Teacher(w,sp,0)
m=train.Baichuan(train.Sizes(sp.vocab_size()),0)
print(sum(p.numel() for p in m.parameters())*2/1e6,'MB')
@torch.no_grad()
def acc(m):
    out=[]
    for pr in ('official','sdk'):
        for n in (0,5):
            good=tot=0
            L=[sp.encode(('' if pr=='official' else ' ')+c)[-1] for c in 'ABCD']
            for s,qs in w.val.items():
                P=[sp.encode(world.prompt(w,s,w.dev[s][:n],q,pr)) for q in qs]
                N=max(map(len,P)); ids=torch.tensor([p+[0]*(N-len(p)) for p in P])
                h=m.hidden(ids)[torch.arange(len(P)),torch.tensor([len(p)-1 for p in P])]
                lo=m.logits(h)[:,L].argmax(-1)
                good+=sum('ABCD'[i]==q.answer for i,q in zip(lo.tolist(),qs)); tot+=len(qs)
            out.append(f'{pr} {n}: {good/tot:.3f}')
    fs=w.facts[::4]
    P=[sp.encode(f'{f.name}{f.kind}的{f.relation}是') for f in fs]; N=max(map(len,P)); ids=torch.tensor([p+[0]*(N-len(p)) for p in P])
    h=m.hidden(ids)[torch.arange(len(P)),torch.tensor([len(p)-1 for p in P])]
    out.append(('facts',sum(sp.id_to_piece(i)==f.value for i,f in zip(m.logits(h).argmax(-1).tolist(),fs))/len(fs)))
    print(out,flush=True)
course=eval(sys.argv[1],{'S':train.Stage})
train.train(m,t,course,acc)
torch.save(m.state_dict(),'/tmp/demo.pt')
